package search

import (
	"context"
	"errors"
	"testing"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
)

// TestDamagedDecisions: decisions that are none are the case's fault, as what a child refuses is, and
// none of ours.
func TestDamagedDecisions(t *testing.T) {
	c := &corpus.Case{File: "a.txtar", Decisions: "strategy random\nseed 7\n0*3 one\n"}
	_, err := replayControlled(context.Background(), nil, c, Limits{}, false)
	const want = `case a.txtar: decisions line 3: "one": "one" is no number from 0 to 65535; want a worker, or worker*times, as in 0*12`
	var refused *child.RequestError
	if !errors.As(err, &refused) || err.Error() != want {
		t.Errorf("got %v; want %s", err, want)
	}
}
