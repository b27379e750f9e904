module infraplatform.local/etcd-3.7

go 1.26.0

require go.etcd.io/etcd/server/v3 v3.7.0
