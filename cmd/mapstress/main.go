// Command mapstress finds concurrency bugs in Go maps. Run "mapstress help".
package main

import (
	"context"
	"os"
	"os/signal"

	"github.com/mapstress/mapstress"
)

func main() {
	mapstress.Serve()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, terminate)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := Main(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
