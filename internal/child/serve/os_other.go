//go:build !unix

package serve

import (
	"os"

	"github.com/mapstress/mapstress/internal/child/wire"
)

// connect makes do without inherited descriptors and shared memory: frames
// travel on standard input and output, what the target prints goes to standard
// error, and the journal dies with the process.
func connect() (*link, error) {
	out := os.Stdout
	os.Stdout = os.Stderr
	return &link{in: os.Stdin, out: out, journal: wire.NewJournal(make([]byte, wire.JournalSize))}, nil
}

// cpuMillis: not known here.
func cpuMillis() int64 { return 0 }
