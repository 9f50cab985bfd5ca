package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

// colored reports whether w is a terminal that wants colour (no-color.org).
func colored(w io.Writer) bool {
	if o, ok := w.(*results); ok {
		w = o.Writer
	}
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
