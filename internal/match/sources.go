package match

import "embed"

// Sources are those of this package: others may make other adapters.
//
//go:embed *.go
var Sources embed.FS
