# What may be asked of this program.

usage() {
	cat >&2 <<-'USAGE'
		usage: infraplatform-node VERB
		  preflight        look whether this host can be a node; prints facts and findings, changes nothing
		  receive          take public configuration from standard input
		  install          kernel settings, binaries, container runtime, images
		  member           make or join the cluster, upgrade, bring the configuration up to date; secrets on standard input
		  upgrade          a worker follows its control planes to their version
		  accept NAME      accept the keys on standard input, and use none that is not in use yet
		  status           versions, certificates, members and readiness as this host sees them
		  renew [all]      renew this control plane's certificates that end soon, or all
		  backup           save a snapshot of etcd
		  restore FILE     from a file, or copy:<name at the target>: make this control plane a cluster of one from a snapshot
		  defragment       give back the room that etcd no longer uses
		  approve          approve the serving certificates of listed nodes, until ended
		  quorum           whether etcd has the majority that lets a node go; on a control plane
		  leave NODE       take another node out of the cluster; on a control plane
		  reset            undo all that made this host a node
	USAGE
}

main() {
	local verb=${1:-}
	[[ -n $verb ]] && shift
	case $verb in
	preflight) verb_preflight </dev/null ;;
	receive | install | member | upgrade | accept | status | renew | backup | restore | defragment | leave | quorum | reset | approve)
		[[ $EUID == 0 || -n $ROOT ]] || fail "root is needed; run it by sudo"
		"verb_$verb" "$@"
		;;
	*)
		usage
		exit 2
		;;
	esac
}

main "$@"
