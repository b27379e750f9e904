module infraplatform.local/flannel

go 1.26.0

require github.com/flannel-io/flannel v0.28.10

// Not in the proxy at the version that flannel asks for; the backend for that cloud is compiled, never run.
replace github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/vpc => github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/vpc v1.0.1000
