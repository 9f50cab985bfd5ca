package child

import (
	"fmt"
	"io"
	"sync"
)

// A capture keeps the start and the end of what a child prints, whatever it
// prints in between: a crash report is at one of the two.
type capture struct {
	begun chan struct{} // closed at the first byte
	done  chan struct{} // closed once there is nothing more to read

	mu   sync.Mutex
	head []byte // guarded by mu; the first headSize bytes
	tail []byte // guarded by mu; what came after, cut to its last tailSize bytes now and then
	cut  int64  // guarded by mu; bytes dropped between the two
}

const (
	headSize = 64 << 10
	tailSize = 128 << 10
)

// newCapture reads r in the background until it ends.
func newCapture(r io.Reader) *capture {
	c := &capture{begun: make(chan struct{}), done: make(chan struct{})}
	go func() { // ends at the end of r; c.done tells
		defer close(c.done)
		buffer := make([]byte, 32<<10)
		for {
			n, err := r.Read(buffer)
			c.add(buffer[:n])
			if err != nil {
				return
			}
		}
	}()
	return c
}

func (c *capture) add(b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.head) == 0 && len(b) > 0 {
		close(c.begun)
	}
	if room := headSize - len(c.head); room > 0 {
		n := min(room, len(b))
		c.head = append(c.head, b[:n]...)
		b = b[n:]
	}
	c.tail = append(c.tail, b...)
	if len(c.tail) > 2*tailSize {
		drop := len(c.tail) - tailSize
		c.tail = append(c.tail[:0], c.tail[drop:]...)
		c.cut += int64(drop)
	}
}

// text returns what was kept, and says where something is missing.
func (c *capture) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	tail, cut := c.tail, c.cut
	if len(tail) > tailSize {
		cut += int64(len(tail) - tailSize)
		tail = tail[len(tail)-tailSize:]
	}
	if cut == 0 {
		return string(c.head) + string(tail)
	}
	return fmt.Sprintf("%s\n... %d bytes cut ...\n%s", c.head, cut, tail)
}
