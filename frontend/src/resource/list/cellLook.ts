/** Cells leave the room between columns; the outermost leave it at the frame, which rows and lines reach. */
export const cellLook = 'px-3 first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5';
