module infraplatform.local/definitions

go 1.26.0

// The versions that components/versions.py installs into clusters; a test holds the two together.
require (
	github.com/aws/karpenter-provider-aws v1.14.1
	github.com/kubernetes-csi/external-snapshotter/client/v8 v8.6.0
)
