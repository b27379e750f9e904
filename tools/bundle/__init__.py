"""What a site without internet needs for its cluster, in one folder: `python -m tools.bundle --stack <stack>`.

contents.py    from a plan to the list of binaries and images: what each host will be told, nothing else
download.py    files by address and sum, resumed where they broke off
registry.py    images by the registry protocol
archive.py     an image as one file, for containerd, CRI-O and Docker
fragment.py    the settings that use a bundle
__main__.py    all of it
"""
