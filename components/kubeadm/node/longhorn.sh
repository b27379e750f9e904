# What keeps Longhorn from this host. LONGHORN is the folder of data, `mounts` where there is none, or not there. Source:
# longhorn/cli, pkg/local/preflight/checker.go, and "Quick Installation" of Longhorn 1.12, read 2026-11-29.

findings_of_longhorn() {
	local missing=() of
	[[ -n ${LONGHORN:-} ]] || return 0
	for of in 'iscsiadm:open-iscsi, or iscsi-initiator-utils' 'mount.nfs4:nfs-common, or nfs-utils' \
		findmnt:util-linux lsblk:util-linux blkid:util-linux; do
		has "${of%%:*}" || missing+=("${of#*:} (for ${of%%:*})")
	done
	((${#missing[@]} == 0)) || finding "packages are missing for Longhorn: ${missing[*]}; install them"
	! has iscsiadm || is_active iscsid.service || is_active iscsid.socket ||
		finding "iscsid does not run, and Longhorn's volumes come by it; run \`systemctl enable --now iscsid\`"
	modprobe --dry-run --quiet iscsi_tcp ||
		finding "its kernel has no iscsi_tcp, which Longhorn's volumes come by; install the kernel's extra modules"
	findings_of_multipath
	! has findmnt || [[ $(findmnt --noheadings --output PROPAGATION "$ROOT/") == *shared* ]] ||
		finding "mounts below / are private, and a volume's would not be seen by pods; run \`mount --make-rshared /\` at every start"
	[[ $LONGHORN == mounts ]] || findings_of_longhorn_folder
}

is_active() { systemctl is-active --quiet "$1" 2>/dev/null; }

# findings_of_multipath: it takes all devices that it is not told to leave alone.
findings_of_multipath() {
	is_active multipathd.service || is_active multipathd.socket || return 0
	! grep -qE '^[[:space:]]*blacklist([[:space:]]|\{|$)' "$ROOT/etc/multipath.conf" 2>/dev/null || return 0
	finding "multipathd runs and would take Longhorn's devices; write a blacklist of them to /etc/multipath.conf (devnode \"^sd[a-z0-9]+\"), or disable it"
}

# findings_of_longhorn_folder: of the file system that it will be on; it may not be there yet.
findings_of_longhorn_folder() {
	local folder=$ROOT$LONGHORN kind
	while [[ ! -d $folder ]]; do folder=${folder%/*}; done
	kind=$(stat --file-system --format %T "$folder")
	[[ $kind == ext2/ext3 || $kind == xfs ]] ||
		finding "$LONGHORN is on a file system of kind $kind; Longhorn keeps data on ext4 or XFS, mount one there"
}
