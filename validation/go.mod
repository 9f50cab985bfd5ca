module github.com/mapstress/mapstress/validation

go 1.23.0

require github.com/mapstress/mapstress v0.0.0

require (
	github.com/leanovate/gopter v0.2.11 // indirect
	go.uber.org/goleak v1.3.0 // indirect
	golang.org/x/mod v0.27.0 // indirect
	golang.org/x/sys v0.35.0 // indirect
	golang.org/x/tools v0.36.0 // indirect
)

replace github.com/mapstress/mapstress => ../
