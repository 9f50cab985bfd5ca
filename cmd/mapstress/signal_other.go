//go:build !unix

package main

import "os"

// terminate: there is no other signal here to stop a program with.
var terminate = os.Interrupt
