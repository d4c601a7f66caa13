import Charts

/// How a report looks: on a phone, a desk and paper, in light and dark.
public enum ReportStyle {
    /// The whole style sheet.
    public static var text: String { Palette.pageStyle + "\n" + page + print }

    private static let page = """
        body { background: var(--ground); color: var(--ink); margin: 0;
          font: 15px/1.5 system-ui, sans-serif }
        main { max-width: 76rem; margin: 0 auto; padding: 1rem }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; overflow-wrap: anywhere }
        h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--grid) }
        h3 { font-size: 1rem; margin: 0 0 .4rem }
        p, li, figcaption { max-width: 46rem; overflow-wrap: anywhere }
        p { margin: .4rem 0 } ul { margin: .4rem 0; padding-left: 1.2rem }
        a { color: var(--c0) }
        .lead, figcaption, .notes, nav { color: var(--soft) }
        .notes, figcaption, nav { font-size: .87rem }
        nav a { margin-right: .9rem; display: inline-block }
        .alarm { border-left: 4px solid var(--c1); padding: .1rem .8rem; background: var(--panel) }
        .figures { display: grid; gap: 1rem;
          grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)) }
        figure { margin: 0; padding: .8rem; border: 1px solid var(--grid); border-radius: 6px;
          min-width: 0 }
        .whole { grid-column: 1 / -1 } figcaption { margin-top: .4rem }
        .pictures { display: grid; gap: .8rem;
          grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)) } svg { width: 100%; height: auto; display: block }
        summary { cursor: pointer; font-size: .87rem; padding: .3rem 0; color: var(--c0) }
        .wide { overflow-x: auto }
        table { border-collapse: collapse; font-size: .87rem; font-variant-numeric: tabular-nums }
        th, td { padding: .2rem .7rem .2rem 0; text-align: left; vertical-align: top;
          white-space: nowrap }
        th { border-bottom: 1px solid var(--soft); font-weight: 600 }
        td { border-bottom: 1px solid var(--grid) } .n { text-align: right }
        pre { background: var(--panel); padding: .7rem; border-radius: 6px; overflow-x: auto;
          font: .82rem/1.45 ui-monospace, monospace; margin: .4rem 0 }
        .facts td { white-space: normal; overflow-wrap: anywhere }
        @media screen and (max-width: 44rem) {
          .wide tr > :first-child:not(.n) { position: sticky; left: 0; min-width: 6rem;
            max-width: 9rem; background: var(--ground); white-space: normal;
            overflow-wrap: anywhere }
        }
        @media (max-width: 30rem) { main { padding: .6rem } figure { border: none; padding: 0 } }

        """

    /// On paper: no page for a picture's half, tables as wide as the paper, nothing to click.
    private static let print = """
        @page { margin: 14mm }
        @media print {
          body { font-size: 10pt } main { max-width: none; padding: 0 }
          nav, summary { display: none }
          figure, tr, .alarm { break-inside: avoid } h2, h3 { break-after: avoid }
          figure { border: none; padding: 0 }
          .figures, .pictures { grid-template-columns: 1fr 1fr }
          figure:not(.whole) .pictures { grid-template-columns: 1fr }
          figure:has(details[open]) { grid-column: 1 / -1 }
          figure:not(.whole):has(details[open]) .pictures { max-width: 50% }
          .wide, pre { overflow: visible } pre { white-space: pre-wrap; overflow-wrap: anywhere }
          table { font-size: 7pt } th, td { white-space: normal; padding-right: .4rem }
          td:not(.n) { overflow-wrap: anywhere; min-width: 3.4em }
          td:first-child:not(.n) { min-width: 6em }
        }
        """
}
