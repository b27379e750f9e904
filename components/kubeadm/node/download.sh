# Binaries and images, from the mirror of the user's choice. /etc/infraplatform/downloads and /etc/infraplatform/images
# have a line `<name> <sha256> <url>` for each. What is there with the right checksum is not fetched again, and nothing
# with a wrong one ever reaches its place.

readonly BINARIES=/usr/local/bin
readonly CNI_BINARIES=/opt/cni/bin

# fetch URL SHA256 FILE
fetch() {
	local url=$1 sha256=$2 file=$3 actual
	proxied curl --fail --silent --show-error --location --retry 3 --connect-timeout 10 --output "$file" "$url" || {
		rm -f "$file"
		fail "$url cannot be fetched; check the mirror, and that this host reaches it"
	}
	actual=$(sha256sum "$file" | cut -d ' ' -f 1)
	[[ $actual == "$sha256" ]] || {
		rm -f "$file"
		fail "$url has sha256 $actual, the settings say $sha256; correct the mirror or the settings"
	}
}

# room FOLDER MEBIBYTES: a full disk is said before it is full.
room() {
	local free_kib
	free_kib=$(df --output=avail -k "$1" | tail -n 1)
	((free_kib >= $2 * 1024)) || fail "${1#"$ROOT"} has $((free_kib / 1024)) MiB free, $2 are needed; make room there"
}

# stamped NAME SHA256: whether that download was installed already. A stamp names the last one.
stamped() { [[ -f $STATE/downloads/$1 && $(<"$STATE/downloads/$1") == "$2" ]]; }
stamp() {
	mkdir -p "$STATE/downloads"
	printf '%s\n' "$2" >"$STATE/downloads/$1"
}

# binary SHA256 URL PATH: an executable that may be replaced while it runs.
binary() {
	local sha256=$1 url=$2 path=$ROOT$3 new
	[[ -f $path && $(sha256sum "$path" | cut -d ' ' -f 1) == "$sha256" ]] && return
	mkdir -p "${path%/*}"
	room "${path%/*}" 200
	new="${path%/*}/.new-${path##*/}"
	fetch "$url" "$sha256" "$new"
	chmod 0755 "$new"
	mv -f "$new" "$path"
	changed "installed ${path#"$ROOT"}"
}

# archive NAME SHA256 URL FOLDER TAR_OPTION...: a tar archive, unpacked below FOLDER.
archive() {
	local name=$1 sha256=$2 url=$3 folder=$ROOT$4 new
	shift 4
	stamped "$name" "$sha256" && return
	mkdir -p "$folder"
	room "$folder" 500
	new="$folder/.new-$name"
	fetch "$url" "$sha256" "$new"
	# tar removes an old file before it writes the new one, so what runs goes on running.
	tar -xf "$new" -C "$folder" --no-same-owner "$@"
	rm -f "$new"
	stamp "$name" "$sha256"
	changed "unpacked $name to ${folder#"$ROOT"}"
}

# install_downloads NAME...: the named ones, in the order of the list.
install_downloads() {
	local name sha256 url
	while read -r name sha256 url; do
		[[ -n $name && " $* " == *" $name "* ]] || continue
		case $name in
		kubeadm | kubelet | kubectl) binary "$sha256" "$url" "$BINARIES/$name" ;;
		runc) binary "$sha256" "$url" /usr/local/sbin/runc ;;
		cni-plugins) archive "$name" "$sha256" "$url" "$CNI_BINARIES" ;;
		containerd) archive "$name" "$sha256" "$url" /usr/local ;;
		cri-o) cri_o_archive "$sha256" "$url" ;;
		cri-dockerd) archive "$name" "$sha256" "$url" "$BINARIES" --strip-components=1 --wildcards '*/cri-dockerd' ;;
		etcd) archive "$name" "$sha256" "$url" "$BINARIES" --strip-components=1 --wildcards '*/etcdctl' '*/etcdutl' ;;
		helm) archive "$name" "$sha256" "$url" "$BINARIES" --strip-components=1 --wildcards '*/helm' ;;
		*-chart) binary "$sha256" "$url" "/var/lib/infraplatform/charts/$name.tgz" ;;
		*) fail "the download '$name' is not known; /etc/infraplatform/downloads names one too many" ;;
		esac
	done <"$CONFIG/downloads"
}
