# `preflight`: what this host is, as `fact NAME VALUE` lines, and what keeps it from being a node, as
# `finding what is wrong; what to do` lines. It changes nothing and ends with 0; who reads it judges.
#
# A host that is a member of this very cluster is not asked about what its own node uses: ports, room, old files.

# Kubernetes wants 5.8 for cgroup v2 (https://kubernetes.io/docs/concepts/architecture/cgroups/; known, not read anew).
readonly MIN_KERNEL=5.8
readonly MIN_MEMORY_MIB=1700

fact() { printf 'fact %s %s\n' "$1" "$2"; }
finding() { printf 'finding %s\n' "$*"; }

verb_preflight() {
	facts
	findings_of_system
	findings_of_programs
	findings_of_curl
	findings_of_gpu
	findings_of_longhorn
	findings_of_network
	findings_of_firewall
	if [[ $(cat "$STATE/member" 2>/dev/null) == '' ]]; then findings_of_new_host; else findings_of_member; fi
}

facts() {
	fact hostname "$(hostname)"
	fact machine_id "$(cat "$ROOT/etc/machine-id" 2>/dev/null)"
	# Root alone may read it; a container shares its machine's, so there it tells no two hosts apart.
	if ! in_container; then fact product_uuid "$(cat "$ROOT/sys/class/dmi/id/product_uuid" 2>/dev/null)"; fi
	fact mac "$(mac_of_node)"
	fact kernel "$(uname -r)"
	fact architecture "$(uname -m)"
	fact cpus "$(nproc)"
	fact memory_mib "$(memory_mib)"
	fact time "$(date +%s)"
	fact unreached "$(unreached)"
}

# unreached: of PEERS, each name=address:port, those that stay silent, as name:port. 50 are tried at a time: a small
# control plane has no memory for hundreds.
unreached() {
	local peer tried=0
	for peer in ${PEERS:-}; do
		reaches "${peer#*=}" || printf '%s ' "${peer%%=*}:${peer##*:}" &
		((++tried % 50)) || wait
	done
	wait
}

# reaches ADDRESS:PORT: something listens there, or the host says that nothing does.
reaches() {
	local said
	said=$(timeout 3 bash -c ": </dev/tcp/${1%:*}/${1##*:}" 2>&1) || [[ $said == *'Connection refused'* ]]
}

in_container() { has systemd-detect-virt && systemd-detect-virt --container --quiet; }

memory_mib() { awk '/^MemTotal:/ {print int($2 / 1024)}' "$ROOT/proc/meminfo"; }

# mac_of_node: of the interface that has the node's address.
mac_of_node() {
	local interface
	interface=$(interface_of_node)
	[[ -z $interface ]] || cat "$ROOT/sys/class/net/$interface/address"
}

interface_of_node() { ip -o -4 address show to "${NODE_ADDRESS:-none}" 2>/dev/null | awk '{print $2; exit}'; }

# older A B: whether version A is before B.
older() { [[ $1 != "$2" && $(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }

findings_of_system() {
	local kernel
	kernel=$(uname -r)
	[[ $EUID == 0 || -n $ROOT ]] || finding "its user is not root; let it run sudo without a password"
	findings_of_architecture
	older "${kernel%%-*}" "$MIN_KERNEL" && finding "its kernel is $kernel; $MIN_KERNEL is the oldest that is looked after, update it"
	[[ -d $ROOT/run/systemd/system ]] || finding "systemd does not run it; use a host that starts by systemd"
	(($(wc -l <"$ROOT/proc/swaps") <= 1)) ||
		finding "swap is on; run \`swapoff -a\` and remove its line from /etc/fstab"
	[[ ${NODE_ROLE:-} != control-plane ]] || (($(nproc) >= 2)) ||
		finding "it has $(nproc) CPU; a control plane needs 2"
	[[ ${NODE_ROLE:-} != control-plane ]] || (($(memory_mib) >= MIN_MEMORY_MIB)) ||
		finding "it has $(memory_mib) MiB of memory; a control plane needs $MIN_MEMORY_MIB"
}

findings_of_architecture() {
	local architecture
	case $(uname -m) in
	x86_64) architecture=amd64 ;;
	aarch64) architecture=arm64 ;;
	*)
		finding "its architecture is $(uname -m); Kubernetes is built for x86_64 and aarch64"
		return 0
		;;
	esac
	[[ ${NODE_ARCHITECTURE:-$architecture} == "$architecture" ]] ||
		finding "its architecture is $architecture, the settings say $NODE_ARCHITECTURE; write architecture: $architecture for this host"
}

# findings_of_programs: what comes with the distribution. The rest is downloaded.
findings_of_programs() {
	local program missing=() of
	for of in curl:curl openssl:openssl tar:tar ip:iproute2 iptables:iptables mount:mount losetup:mount modprobe:kmod sysctl:procps; do
		program=${of%%:*}
		has "$program" || missing+=("${of##*:} (for $program)")
	done
	[[ ${NODE_ROLE:-} != control-plane || ${BACKUP_TARGET:-} != nfs ]] || has mount.nfs ||
		missing+=("nfs-common, or nfs-utils (for mount.nfs)")
	((${#missing[@]} == 0)) || finding "packages are missing: ${missing[*]}; install them"
	for program in ${PREINSTALLED:-}; do
		has "${program/#cri-o/crio}" || finding "$program is missing; install it, or remove it from cluster.preinstalled"
	done
	of_runtime findings
}

# findings_of_gpu: NVIDIA's driver fits the host's kernel and GPUs, so it is the host's own.
findings_of_gpu() {
	[[ ${NODE_GPU:-} == nvidia ]] || return 0
	[[ -x $ROOT/usr/bin/nvidia-container-runtime ]] ||
		finding "/usr/bin/nvidia-container-runtime is missing; install NVIDIA's container toolkit, or remove gpu from this host"
	[[ -e $ROOT/proc/driver/nvidia/version ]] ||
		finding "no driver of NVIDIA's runs; install one for this kernel and its GPUs, or remove gpu from this host"
}

# findings_of_curl: 7.88 is the oldest whose signatures of S3 were seen to be right (Debian 12 has it).
findings_of_curl() {
	local version
	[[ ${NODE_ROLE:-} == control-plane && ${BACKUP_TARGET:-} == s3 ]] && has curl || return 0
	version=$(curl --version | awk '{print $2; exit}')
	! older "$version" 7.88 || finding "its curl is $version, which cannot sign for S3; update it to 7.88, or write cluster.etcd_backup.target: nfs"
}

findings_of_network() {
	local address=${NODE_ADDRESS:-}
	[[ -z $address || -n $(interface_of_node) ]] ||
		finding "no interface has its private address $address; correct it in the settings"
	[[ $(hostname) =~ ^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$ ]] ||
		finding "its hostname '$(hostname)' is no DNS name in lower case; set another in /etc/hostname"
}

# findings_of_member: of this cluster, or of another that this program made.
findings_of_member() {
	local name
	name=$(sed -n "s/^CLUSTER_NAME='\(.*\)'$/\1/p" "$CONFIG/node.env" 2>/dev/null) || true
	[[ ${name:-none} == "${CLUSTER_NAME:-none}" ]] ||
		finding "it is a node of another cluster ($name); take it out of that stack's provider.hosts first"
}

findings_of_new_host() {
	local port ports=(10250) path
	[[ ${NODE_ROLE:-} != control-plane ]] || ports+=("$API_PORT" 10257 10259)
	[[ ${NODE_ROLE:-} != control-plane || -n ${ETCD_ENDPOINTS:-} ]] || ports+=(2379 2380)
	for path in "$KUBERNETES/kubelet.conf" "$KUBERNETES"/manifests/*.yaml "$ROOT/var/lib/etcd/member"; do
		[[ -e $path && ! -f $STATE/joining ]] || continue
		finding "it is a node of another cluster (${path#"$ROOT"}); drain it there, then run \`kubeadm reset\` on it"
		return 0
	done
	[[ ! -f $STATE/joining ]] || return 0
	for port in "${ports[@]}"; do
		[[ -z $(ss -Hltn "sport = :$port" 2>/dev/null) ]] || finding "port $port is in use; stop what listens there"
	done
	for path in /var/lib /usr/local; do
		(($(free_mib "$path") >= 2048)) || finding "$path has $(free_mib "$path") MiB free; a node needs 2048, make room"
	done
}

free_mib() { df --output=avail -m "$ROOT$1" | tail -n 1 | tr -d ' '; }
