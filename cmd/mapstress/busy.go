package main

import (
	"context"
	"fmt"
	"time"

	"github.com/mapstress/mapstress"
)

// silence is how long a command may work without a word, and patience without another one.
const (
	silence  = 3 * time.Second
	patience = 30 * time.Second
)

// busy says what is being done, if that takes long and is worth a word, until done is called.
func (a *app) busy(what string, worth bool) (done func()) {
	if !worth {
		return func() {}
	}
	return a.say(what, silence, patience)
}

// say says it after a while, and how long it has taken after each further one.
func (a *app) say(what string, first, further time.Duration) (done func()) {
	over, said := make(chan struct{}), make(chan struct{})
	began := time.Now()
	go func() { // done waits for it
		defer close(said)
		for text, wait := what, first; ; wait = further {
			select {
			case <-time.After(wait):
			case <-over:
				return
			}
			if wait == further {
				text = fmt.Sprintf("%s, for %v by now", what, time.Since(began).Round(time.Second))
			}
			fmt.Fprintln(a.stderr, text)
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
