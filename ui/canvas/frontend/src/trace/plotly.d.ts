declare module 'plotly.js-basic-dist-min' {
  type Plain = Record<string, unknown>
  interface Plotly {
    react(element: HTMLElement, data: Plain[], layout: Plain, config: Plain): Promise<unknown>
    purge(element: HTMLElement): void
  }
  const plotly: Plotly
  export default plotly
}
