/** Registers Radbook's renderers with JupyterLab. */
export {};
