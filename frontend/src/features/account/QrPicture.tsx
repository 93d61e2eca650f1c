interface Properties {
  svg: string;
  label: string;
}

/**
 * A picture that the server drew. Only its shape is taken over, so that no markup gets into the page, and it is black on white
 * in the dark, too: cameras want it so.
 */
export function QrPicture({ svg, label }: Properties) {
  const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  const shape = drawn.querySelector('path')?.getAttribute('d') ?? '';
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={drawn.getAttribute('viewBox') ?? undefined}
      shapeRendering="crispEdges"
      className="size-52 rounded-lg bg-white"
    >
      <path d={shape} fill="#000" />
    </svg>
  );
}
