package main

import (
	"context"
	"fmt"
	"time"

	"github.com/mapstress/mapstress"
)

// silence is how long a command may work without a word.
const silence = 3 * time.Second

// busy says what is being done, if that takes long and is worth a word, until done is called.
func (a *app) busy(what string, worth bool) (done func()) {
	if !worth {
		return func() {}
	}
	over, said := make(chan struct{}), make(chan struct{})
	go func() { // done waits for it
		defer close(said)
		select {
		case <-time.After(silence):
			fmt.Fprintln(a.stderr, what)
		case <-over:
		}
	}()
	return func() {
		close(over)
		<-said
	}
}

// downloads says that a toolchain is to be downloaded, if it is.
func (a *app) downloads(ctx context.Context, toolchain string) error {
	missing, err := mapstress.MissingToolchain(ctx, toolchain)
	if missing {
		fmt.Fprintf(a.stderr, "mapstress: downloading %s\n", toolchain)
	}
	return err
}
