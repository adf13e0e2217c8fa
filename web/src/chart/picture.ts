import { saveFile } from "@/components/save-file";
import { resolveColour } from "./theme-colours";

/** Saves a canvas as a PNG on the ground it is seen on: a chart alone is transparent. */
export function savePicture(canvas: HTMLCanvasElement, name: string): void {
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext("2d");
  if (!context) return;
  context.fillStyle = resolveColour(document.body, "surface");
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(canvas, 0, 0);
  copy.toBlob((content) => content && saveFile(content, `${name}.png`));
}
