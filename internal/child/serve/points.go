package serve

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scheduler/controlled"
)

// Points are those of runs, as text.
type points struct {
	text strings.Builder
}

func (p *points) add(run int, t *controlled.Trace) {
	fmt.Fprintf(&p.text, "run %d\n", run)
	if text := t.String(); p.text.Len()+len(text) < wire.MaxPoints {
		p.text.WriteString(text)
	} else {
		sum := sha256.New()
		io.WriteString(sum, text)
		fmt.Fprintf(&p.text, "%s\n", hex.EncodeToString(sum.Sum(nil)))
	}
}

func (p *points) String() string { return p.text.String() }
