package main

import (
	"io"
	"sync"
)

// results is where results go. It remembers the first error of a write, so that
// subcommands print without asking, and Main does not call lost results clean. It is
// safe for concurrent use.
type results struct {
	io.Writer
	mu  sync.Mutex
	err error
}

func (o *results) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if err != nil {
		o.mu.Lock()
		if o.err == nil {
			o.err = err
		}
		o.mu.Unlock()
	}
	return n, err
}

// lost returns the first error of a write.
func (o *results) lost() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}
