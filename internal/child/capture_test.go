package child

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

func TestCapture(t *testing.T) {
	head, tail := strings.Repeat("h", headSize), strings.Repeat("t", tailSize)
	for _, c := range []struct{ name, printed, want string }{
		{"nothing", "", ""},
		{"a line", "a line\n", "a line\n"},
		{"all that there is room for", head + tail, head + tail},
		{"one byte more", head + "x" + tail, head + "\n... 1 bytes cut ...\n" + tail},
		{"much more", head + strings.Repeat("x", 10*tailSize) + tail, head + "\n... 1310720 bytes cut ...\n" + tail},
	} {
		k := newCapture(strings.NewReader(c.printed))
		<-k.done
		if got := k.text(); got != c.want {
			t.Errorf("%s: got %d bytes, want %d", c.name, len(got), len(c.want))
		}
	}
}

// However much is printed, no more is kept than said.
func TestCaptureIsBounded(t *testing.T) {
	k := newCapture(io.LimitReader(endless{}, 64<<20))
	<-k.done
	k.mu.Lock()
	defer k.mu.Unlock()
	if n := cap(k.head) + cap(k.tail); n > 2*(headSize+2*tailSize) {
		t.Errorf("%d bytes kept", n)
	}
}

func TestCaptureTellsOfTheFirstByte(t *testing.T) {
	r, w := io.Pipe()
	k := newCapture(r)
	select {
	case <-k.begun:
		t.Error("begun with nothing printed")
	default:
	}
	w.Write([]byte("x"))
	<-k.begun
	w.Close()
	<-k.done
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	return copy(b, bytes.Repeat([]byte("x"), len(b))), nil
}
