module wardline

go 1.26
