// Without a file of assembly no function is without a body.
