package history

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// SVG returns the events as a picture of intervals, a row each, in the order of
// their stamps as Draw has it. Those for which marked reports true, by index, stand out.
func SVG(events []Event, marked func(int) bool) string {
	const row, left, step, bar = 22, 330, 14, 12 // pixels
	stamps := stampsOf(events)
	column := func(stamp int64) int {
		i, _ := slices.BinarySearch(stamps, stamp)
		return left + step*i
	}
	end := left + step*len(stamps)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="monospace" font-size="12">`+"\n",
		end+step, row*len(events)+row/2)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" fill="white"/>`+"\n")
	for i := range events {
		e := &events[i]
		top := row*i + row/2
		fill := "#9db8d6"
		if marked(i) {
			fill = "#d9594c"
		}
		fmt.Fprintf(&b, `<text x="4" y="%d">%s</text>`+"\n", top+bar-2, html.EscapeString(shortened(e.String())))
		from, to := column(e.Inv), end
		if e.Ret != Pending {
			to = column(e.Ret)
		}
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" rx="3" fill="%s"><title>%s [%d..%s]</title></rect>`+"\n",
			from, top, max(to-from, 3), bar, fill, html.EscapeString(e.String()), e.Inv, returned(e))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// shortened fits a row's text into the space before the bars.
func shortened(text string) string {
	const most = 44
	if len(text) > most {
		return text[:most-3] + "..."
	}
	return text
}

func returned(e *Event) string {
	if e.Ret == Pending {
		return ""
	}
	return fmt.Sprint(e.Ret)
}
