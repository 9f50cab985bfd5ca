module github.com/mapstress/mapstress

go 1.23.0

require (
	github.com/anishathalye/porcupine v1.3.1
	github.com/leanovate/gopter v0.2.11
	go.uber.org/goleak v1.3.0
	golang.org/x/sys v0.35.0
	golang.org/x/tools v0.36.0
)
