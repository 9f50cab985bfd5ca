//go:build unix

package main

import "syscall"

// terminate is the signal that service managers stop a program with.
const terminate = syscall.SIGTERM
