package oracle

import (
	"fmt"

	"github.com/mapstress/mapstress/history"
)

func showEntry(e history.Entry) string { return fmt.Sprintf("k%d:v%d", e.Key, e.Value) }

func showEvent(e history.Event) string {
	text := fmt.Sprintf("\nw%d %d-%d %s = v%d %v", e.Worker, e.Inv, e.Ret, e.Op, e.Out, e.OK)
	if e.Ret == history.Pending {
		text = fmt.Sprintf("\nw%d %d- %s", e.Worker, e.Inv, e.Op)
	}
	if e.Seen != nil {
		text += showContents(e.Seen)
	}
	return text
}

func showContents(c *history.Contents) (text string) {
	for _, r := range c.Loads {
		text += fmt.Sprintf(" k%d:v%d(%v)", r.Key, r.Value, r.OK)
	}
	text += " |"
	for _, e := range c.Entries {
		text += " " + showEntry(e)
	}
	return fmt.Sprintf("%s | %d", text, c.Len)
}
