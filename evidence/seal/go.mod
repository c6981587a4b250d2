module github.com/carewire/carewire/evidence/seal

go 1.26.0

require (
	github.com/carewire/carewire v0.0.0
	golang.org/x/mod v0.42.0
)

require golang.org/x/text v0.43.0 // indirect

replace (
	github.com/carewire/carewire => ../..
	github.com/carewire/carewire/store/pgstore => ../../store/pgstore
	github.com/carewire/carewire/store/sqlitestore => ../../store/sqlitestore
)
