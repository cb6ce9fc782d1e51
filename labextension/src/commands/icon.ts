/**
 * Radbook's mark in menus, cards and the side bar: three planes and a lesion, in the theme's colors.
 *
 * Layer:  labextension, commands.
 */
import { LabIcon } from "@jupyterlab/ui-components";

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 64 64">
  <g fill="none" class="jp-icon-stroke" stroke="#616161" stroke-width="4" stroke-linejoin="round">
    <path class="jp-icon3-stroke" d="M6 20 32 6 58 20 32 34Z" stroke="#616161" opacity=".5"/>
    <path d="M6 32 32 18 58 32 32 46Z" stroke="#616161" opacity=".75"/>
    <path d="M6 44 32 30 58 44 32 58Z" stroke="#616161"/>
  </g>
  <path d="M25 45c-1-5 4-8 9-6s7 5 4 8-12 3-13-2Z" fill="#e6550d"/>
</svg>`;

export const radbookIcon: LabIcon = new LabIcon({ name: "radbook:planes", svgstr: SVG });

/** For the launcher's cards of notebooks, which take a picture's address and else show a letter. */
export const RADBOOK_ICON_URL: string = `data:image/svg+xml,${encodeURIComponent(SVG)}`;
