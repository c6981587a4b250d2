package redisstore
import (_ "github.com/redis/go-redis/v9"; _ "github.com/stretchr/testify/require"; _ "github.com/carewire/carewire/store/storetest")
