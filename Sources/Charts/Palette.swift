/// Colours that colour-blind readers tell apart (Okabe and Ito, "Color Universal Design", 2008),
/// lighter on dark ground; with dashes and marks, so that colour is never all that tells.
public enum Palette {
    /// Custom properties and their values on light and on dark ground.
    static let colours: [(name: String, light: String, dark: String)] = [
        ("c0", "#0072b2", "#5ab4ec"), ("c1", "#d55e00", "#ff8a4c"),
        ("c2", "#00805d", "#2fc9a2"), ("c3", "#b8578a", "#ea9cc8"),
        ("c4", "#7a6200", "#e8c547"), ("c5", "#3a3f47", "#d5d9e0"),
        ("c6", "#2f8fd0", "#a5d8ff"),
        ("ink", "#1c2128", "#e6e9ee"), ("soft", "#59636f", "#9ba6b3"),
        ("grid", "#dfe3e8", "#30363f"), ("ground", "#ffffff", "#15181d"),
        ("panel", "#f6f7f9", "#1d2127"), ("heat", "#b03a00", "#ff9d5c"),
    ]

    /// How many series colours there are before they come again with other dashes.
    package static let seriesColours = 7

    private static let dashes = ["", "7 3", "2 3", "9 3 2 3"]

    /// Differs between neighbours and, four times over, between those of one colour.
    package static func dash(_ index: Int) -> String {
        dashes[(index + 2 * (index / seriesColours)) % dashes.count]
    }

    /// Rules of the classes that pictures use; `value` turns a name into a colour.
    private static func rules(_ value: (String) -> String) -> String {
        var css = ""
        for index in 0..<seriesColours {
            let colour = value("c\(index)")
            css += ".l\(index){stroke:\(colour)}.f\(index){fill:\(colour)}"
        }
        return css + ".ln{fill:none;stroke-width:1.8;stroke-linejoin:round}"
            + ".bd{fill-opacity:.16;stroke:none}.mk{stroke-width:1.5}"
            + ".ho{fill:\(value("ground"))}.tx{fill:\(value("ink"))}.st{fill:\(value("soft"))}"
            + ".gr{stroke:\(value("grid"));stroke-width:1;fill:none}"
            + ".ax{stroke:\(value("soft"));stroke-width:1;fill:none}"
            + ".ev{stroke:\(value("ink"));stroke-width:1;stroke-dasharray:3 2;fill:none}"
            + ".ht{fill:\(value("heat"))}.bg{fill:\(value("ground"))}"
            + ".sg{stroke:\(value("ground"));stroke-width:1}.iv{fill:\(value("ground"))}"
            + ".fr{stroke:\(value("soft"));stroke-width:1.2;stroke-dasharray:4 3;fill:none}"
    }

    /// Style of a page that holds pictures: custom properties by the reader's colour scheme, light on
    /// paper.
    public static var pageStyle: String {
        func properties(_ dark: Bool) -> String {
            colours.map { "--\($0.name):\(dark ? $0.dark : $0.light)" }.joined(separator: ";")
        }
        return ":root{\(properties(false));color-scheme:light dark}"
            + "@media screen and (prefers-color-scheme:dark){:root{\(properties(true))}}"
            + "svg text{font-family:system-ui,sans-serif}" + rules { "var(--\($0))" }
    }

    /// Style of a picture that stands alone: plain colours, which every program understands.
    static var fileStyle: String {
        func value(_ dark: Bool) -> (String) -> String {
            { name in colours.first { $0.name == name }.map { dark ? $0.dark : $0.light } ?? name }
        }
        return "text{font-family:system-ui,sans-serif}" + rules(value(false))
            + "@media (prefers-color-scheme:dark){\(rules(value(true)))}"
    }
}
