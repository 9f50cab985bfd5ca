//go:build mapstress_controlled

// Empty: with a file in assembly, functions may be declared without a body.
