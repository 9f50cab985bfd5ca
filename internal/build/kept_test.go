package build

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/mapstress/mapstress/internal/instrument"
)

// TestHooksAtHand: that a child for controlled runs was built is known for some days.
func TestHooksAtHand(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	if err := instrument.Supported(); err != nil {
		t.Skip(err)
	}
	ownCache(t)
	for _, controlled := range []bool{false, true} {
		if _, err := Known(context.Background(), only(os.DirFS(checkout)), Spec{Controlled: controlled}); err != nil {
			t.Fatal(err)
		}
		if HooksAtHand() != controlled {
			t.Errorf("controlled: %v; at hand: %v", controlled, !controlled)
		}
	}
	cache, err := cacheDir()
	if err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-keptFor)
	if err := os.Chtimes(filepath.Join(cache, hooksFile), long, long); err != nil {
		t.Fatal(err)
	}
	if HooksAtHand() {
		t.Error("at hand after days")
	}
}
