module github.com/carewire/carewire/corpus

go 1.26.0
