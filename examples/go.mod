module github.com/carewire/carewire/examples

go 1.26.0

require (
	github.com/aws/aws-sdk-go-v2 v1.41.9
	github.com/carewire/carewire v0.0.0
	github.com/carewire/carewire/evidence/seal v0.0.0
	github.com/carewire/carewire/provider/awssms v0.0.0
	github.com/carewire/carewire/store/sqlitestore v0.0.0
	github.com/stretchr/testify v1.12.1
	golang.org/x/mod v0.42.0
	modernc.org/sqlite v1.61.1
)

require (
	github.com/aws/aws-sdk-go-v2/internal/configsources v1.4.25 // indirect
	github.com/aws/aws-sdk-go-v2/internal/endpoints/v2 v2.7.25 // indirect
	github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2 v1.29.1 // indirect
	github.com/aws/smithy-go v1.26.0 // indirect
	github.com/dustin/go-humanize v1.1.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/mattn/go-isatty v0.0.24 // indirect
	github.com/ncruces/go-strftime v1.1.0 // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	modernc.org/libc v1.79.0 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
)

replace (
	github.com/carewire/carewire => ../
	github.com/carewire/carewire/evidence/seal => ../evidence/seal
	github.com/carewire/carewire/provider/awssms => ../provider/awssms
	github.com/carewire/carewire/store/pgstore => ../store/pgstore
	github.com/carewire/carewire/store/sqlitestore => ../store/sqlitestore
)
