/** Where the API is: the page's own address, unless the SPA was built for a host of its own. */
export const apiOrigin: string = import.meta.env.VITE_API_ORIGIN ?? location.origin;
