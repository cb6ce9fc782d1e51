/**
 * The inspector of the process of user code, as the debugger uses it (V8's protocol, domains Debugger and Runtime).
 *
 * Layer:  debug; imports nothing.
 */
import type { Debugger, Runtime } from "node:inspector";

export type RemoteObject = Runtime.RemoteObject;
export type RemoteProperty = Runtime.PropertyDescriptor;
export type CallFrame = Debugger.CallFrame;
export type Paused = Debugger.PausedEventDataType;
export type Location = Debugger.Location;

/** Answers of the methods in use. */
export interface Answers {
  readonly properties: Runtime.GetPropertiesReturnType & {
    /** Fields with a `#`; Node's types do not have them yet. */
    readonly privateProperties?: readonly { readonly name: string; readonly value?: Runtime.RemoteObject }[];
  };
  readonly evaluated: Runtime.EvaluateReturnType;
  readonly compiled: Runtime.CompileScriptReturnType;
  readonly locations: Debugger.GetPossibleBreakpointsReturnType;
  readonly breakpoint: Debugger.SetBreakpointByUrlReturnType;
  readonly source: Debugger.GetScriptSourceReturnType;
}

export interface Inspector {
  /** @throws Error in the inspector's words, or when the process ends before it answers. */
  post<T = unknown>(method: string, params?: object): Promise<T>;
}
