/**
 * The 3D view, drawn by vtk.js: loaded on request, in its own chunk. At most one graphics context is alive in a
 * page: opening another scene closes the one before.
 *
 * Layer:  labextension, volume; imports output.
 */
import "@kitware/vtk.js/Rendering/OpenGL/Profiles/Geometry.js";
import vtkDataArray from "@kitware/vtk.js/Common/Core/DataArray.js";
import vtkPolyData from "@kitware/vtk.js/Common/DataModel/PolyData.js";
import vtkActor from "@kitware/vtk.js/Rendering/Core/Actor.js";
import vtkMapper from "@kitware/vtk.js/Rendering/Core/Mapper.js";
import vtkRenderer from "@kitware/vtk.js/Rendering/Core/Renderer.js";
import vtkRenderWindow from "@kitware/vtk.js/Rendering/Core/RenderWindow.js";
import vtkOpenGLRenderWindow from "@kitware/vtk.js/Rendering/OpenGL/RenderWindow.js";
import { PayloadError } from "../output/payload-error.js";
import { PLANES, type PlaneAxes, toWorld } from "./orientation.js";
import type { Vec3 } from "./payload.js";
import { type Frame, PLANE_COLORS } from "./plane-paint.js";
import type { Scan } from "./scan.js";
import type { SceneSurface } from "./scene-model.js";
import type { Mesh } from "./surface.js";

/** An open 3D view. */
export interface Scene {
  /** Shows the state of the other panes: hidden regions, the planes' frames. */
  update(frame: Frame): void;
  /** Looks from the front again. */
  reset(): void;
  turn(right: number, up: number): void;
  zoom(factor: number): void;
  /** Gives the graphics context back. */
  dispose(): void;
}

/** Why a 3D view has ended without being asked: another view has the graphics context, or the browser took it away. */
export type SceneEnd = "taken" | "lost";

let alive: { close: (why: SceneEnd) => void } | null = null;

/**
 * Opens the 3D view in an element.
 *
 * @param onEnd Called when the view has lost its graphics context; its element is empty then.
 * @throws PayloadError if the browser has no WebGL 2.
 */
export function openScene(
  stage: HTMLElement,
  surfaces: readonly SceneSurface[],
  frame: Frame,
  onEnd: (why: SceneEnd) => void,
): Scene {
  alive?.close("taken");
  const probe = document.createElement("canvas").getContext("webgl2");
  if (probe === null)
    throw new PayloadError("this browser offers no WebGL 2. The three slices work without it.");
  probe.getExtension("WEBGL_lose_context")?.loseContext();

  const window3d = vtkRenderWindow.newInstance();
  const renderer = vtkRenderer.newInstance({ background: [0.07, 0.085, 0.11] });
  window3d.addRenderer(renderer);
  const view = vtkOpenGLRenderWindow.newInstance();
  window3d.addView(view);
  view.setContainer(stage);

  const actors = surfaces.map((surface) => ({ surface, actor: solidActor(surface) }));
  for (const { actor } of actors) renderer.addActor(actor);
  const frames = PLANES.map((name) => ({ name, actor: lineActor(PLANE_COLORS[name]) }));
  for (const { actor } of frames) renderer.addActor(actor);

  const resize = (): void => {
    const ratio = Math.min(globalThis.devicePixelRatio, 2);
    view.setSize(
      Math.max(1, Math.round(stage.clientWidth * ratio)),
      Math.max(1, Math.round(stage.clientHeight * ratio)),
    );
    window3d.render();
  };
  const camera = renderer.getActiveCamera();
  const scene: Scene = {
    update({ scan, planes, state }) {
      for (const { surface, actor } of actors)
        actor.setVisibility(surface.region === null || state.regions[surface.region]?.visible === true);
      for (const { name, actor } of frames) setLines(actor, frameOf(scan, planes[name], state.cursor));
      window3d.render();
    },
    reset() {
      // From the patient's front, a little from above and from the left.
      camera.setFocalPoint(0, 0, 0);
      camera.setPosition(0, -1, 0);
      camera.setViewUp(0, 0, 1);
      renderer.resetCamera();
      camera.azimuth(25);
      camera.elevation(15);
      camera.zoom(1.25);
      renderer.resetCameraClippingRange();
      window3d.render();
    },
    turn(right, up) {
      camera.azimuth(-right);
      camera.elevation(up);
      camera.orthogonalizeViewUp();
      renderer.resetCameraClippingRange();
      window3d.render();
    },
    zoom(factor) {
      camera.dolly(factor);
      renderer.resetCameraClippingRange();
      window3d.render();
    },
    dispose() {
      if (alive !== holder) return;
      alive = null;
      sizes.disconnect();
      canvas?.removeEventListener("webglcontextlost", lost);
      const context = canvas?.getContext("webgl2");
      view.setContainer(null as unknown as HTMLElement);
      window3d.delete();
      view.delete();
      context?.getExtension("WEBGL_lose_context")?.loseContext();
      stage.replaceChildren();
    },
  };
  const holder = {
    close: (why: SceneEnd) => {
      scene.dispose();
      onEnd(why);
    },
  };
  const lost = (): void => holder.close("lost");
  const canvas = view.getCanvas();
  canvas?.addEventListener("webglcontextlost", lost);
  alive = holder;
  const sizes = new ResizeObserver(resize);
  sizes.observe(stage);
  scene.update(frame);
  resize();
  scene.reset();
  return scene;
}

function solidActor({ mesh, color, opacity }: SceneSurface): vtkActor {
  const mapper = vtkMapper.newInstance({ scalarVisibility: false });
  mapper.setInputData(polyData(mesh));
  const actor = vtkActor.newInstance();
  actor.setMapper(mapper);
  const property = actor.getProperty();
  property.setColor(...rgb(color));
  property.setOpacity(opacity);
  property.setInterpolationToPhong();
  property.setSpecular(0.25);
  property.setSpecularPower(20);
  property.setAmbient(0.15);
  property.setDiffuse(0.85);
  return actor;
}

function polyData({ points, normals, triangles }: Mesh): vtkPolyData {
  const cells = new Uint32Array((triangles.length / 3) * 4);
  for (let t = 0, p = 0; t < triangles.length; t += 3) {
    cells[p++] = 3;
    cells[p++] = triangles[t] as number;
    cells[p++] = triangles[t + 1] as number;
    cells[p++] = triangles[t + 2] as number;
  }
  const data = vtkPolyData.newInstance();
  data.getPoints().setData(points, 3);
  data.getPolys().setData(cells);
  data.getPointData().setNormals(vtkDataArray.newInstance({ numberOfComponents: 3, values: normals }));
  return data;
}

function lineActor(color: string): vtkActor {
  const mapper = vtkMapper.newInstance({ scalarVisibility: false });
  const actor = vtkActor.newInstance();
  actor.setMapper(mapper);
  actor.getProperty().setColor(...rgb(color));
  actor.getProperty().setLineWidth(1.5);
  actor.getProperty().setLighting(false);
  return actor;
}

function setLines(actor: vtkActor, corners: readonly Vec3[]): void {
  const data = vtkPolyData.newInstance();
  data.getPoints().setData(Float32Array.from(corners.flat()), 3);
  data.getLines().setData(Uint32Array.from([5, 0, 1, 2, 3, 0]));
  (actor.getMapper() as vtkMapper).setInputData(data);
}

/** The four corners of a slice in the patient. */
function frameOf(scan: Scan, plane: PlaneAxes, cursor: Vec3): readonly Vec3[] {
  const { geometry, offset, size } = scan;
  const { right, down, through } = plane;
  return [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ].map(([u = 0, v = 0]) => {
    const index: [number, number, number] = [0, 0, 0];
    index[right.axis] = offset[right.axis] + scan.step * (u * size[right.axis] - 0.5);
    index[down.axis] = offset[down.axis] + scan.step * (v * size[down.axis] - 0.5);
    index[through.axis] = cursor[through.axis];
    return toWorld(geometry, index);
  });
}

function rgb(color: string): [number, number, number] {
  const value = Number.parseInt(color.slice(1), 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
