module infraplatform.local/etcdctl

go 1.26.0

// 3.7.0 speaks to 3.6 servers; the sum database knows no etcdutl 3.6.11.
require (
	go.etcd.io/etcd/etcdctl/v3 v3.7.0
	go.etcd.io/etcd/etcdutl/v3 v3.7.0
)
