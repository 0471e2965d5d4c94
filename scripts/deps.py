"""Brings HiGHS, libnetcdf and the plotting library into .deps/ beside the module.

What enters: the Python packages highspy, highspy-extras and netCDF4 (by pip)
and the npm package echarts (by npm), each pinned to a version and a hash.
What leaves: .deps/highs/ with the C library of HiGHS and the helper that its
interior point HiPO needs, side by side; .deps/netcdf/ with libnetcdf and what
it needs; .deps/plot/echarts.min.js.

Calling it again does nothing. Without npm the plots are left out: reports then
have static pictures. `--to DIR` puts everything elsewhere; `--plot` brings that
library alone.
"""

import argparse
import base64
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

HIGHS = "1.15.1"
ECHARTS = "6.1.0"
ECHARTS_SHA512 = "q0yaFPggC9FUdsWH4blavRWFmxdrIodbkoKNAjJudAI6CA9gNPxHtV2RcZNEepZVlk4yvBYkOkbk6HIVpIyHZA=="

# Wheels for CPython 3.11: only the C libraries inside are used, so the Python
# that runs this script need not be 3.11. (system, machine, libc) -> pip's
# platform tag and the hashes of highspy and highspy-extras.
WHEELS = {
    ("Linux", "x86_64", "glibc"): (
        "manylinux_2_28_x86_64",
        "a24329c328942b37a6a318ecf163d07dd387974f071b98b4498725eaea80f06f",
        "605daf38a27fdab3de210fc5f24db1e809ee258c59041410ae99bf7fe5223692",
    ),
    ("Linux", "aarch64", "glibc"): (
        "manylinux_2_28_aarch64",
        "070c1ce9238b9e8b4c273253647ab0dbafc1839c195a52c7ef1eeb7ef6976f05",
        "9bf35009e4cd100abca5b2e6a7f8e446e98e84b7a9cecccfaf3fd233019e3cba",
    ),
    ("Linux", "x86_64", "musl"): (
        "musllinux_1_2_x86_64",
        "5de2dddc554442f3572bb4a36116278bee79568fbd726a697251d2606b79a5a1",
        "7d2db54201ed18f0d9e05f4506eabb2113b007e01bfea1dd9b29d3e5c8958b59",
    ),
    ("Linux", "aarch64", "musl"): (
        "musllinux_1_2_aarch64",
        "00e1c13912501e96893136a1805b56b74cb4868fa04c1c2eacc5c0454304e08e",
        "2d1b508c26e08948f7ca95f558172f3e0a795b58ddd6aa5e88f2d51b75bbff41",
    ),
    ("Darwin", "x86_64", ""): (
        "macosx_11_0_x86_64",
        "45eb9f022f9083ef2e56d66f972d5fd40e6634f4497194b1f3f215ca0e8ea958",
        "44451928e77f867be975366c0aed4d34f07035c2a0e76272be872aacab908ee0",
    ),
    ("Darwin", "arm64", ""): (
        "macosx_11_0_arm64",
        "4b4c7e7af8d7927ed77836e9b869cbae55d6a74b85bb90d04776440b5e14c32b",
        "ab202ea1c1d5128ce739809268167e7bcc175be99ab555f176fd67e0f676a256",
    ),
}

# netCDF4's wheels for CPython 3.11, of which the C libraries are used; key as
# above -> pip's platform and ABI tags, and the hash.
NETCDF = "1.7.5.1.post1"
NETCDF_WHEELS = {
    ("Linux", "x86_64", "glibc"): (
        "manylinux_2_28_x86_64", "abi3", "fde13b1fc71bf2b0f684a272fe279fa7d01ee45e6098b4711840a4ab6ae42130"),
    ("Linux", "aarch64", "glibc"): (
        "manylinux_2_28_aarch64", "abi3", "544316a1f712aa9f0a29a57ba835c9a8e640f9a5724b37d5cdf8a919e54427df"),
    ("Darwin", "x86_64", ""): (
        "macosx_15_0_x86_64", "abi3", "3fc1e1820b889b78f5777e18f828e1373ac497798a1e207d4723f21dac5271ed"),
    ("Darwin", "arm64", ""): (
        "macosx_15_0_arm64", "abi3", "e241c3e8c3af6a2e04a989bf80db31c580e4692ea6fc8f41d998ef1b2010fbcc"),
    ("Windows", "x86_64", ""): (
        "win_amd64", "cp311", "5ed5cc38606a7588afbca1f855a606cc6afe13eb7d56fa311aadff0ecfdb911d"),
}


def fail(text):
    sys.exit("deps: " + text)


def machine():
    """The key of WHEELS for the machine that runs this."""
    system, arch = platform.system(), platform.machine()
    arch = {"AMD64": "x86_64", "arm64": "arm64" if system == "Darwin" else "aarch64"}.get(arch, arch)
    libc = ""
    if system == "Linux":
        # platform.libc_ver reads the interpreter's own binary; empty means musl
        # unless that binary is static.
        libc = "glibc" if platform.libc_ver()[0] == "glibc" else "musl"
        if libc == "musl" and not any(n.startswith("ld-musl") for n in os.listdir("/lib")):
            libc = "glibc"
    return system, arch, libc


def run(command, what):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode != 0:
        tail = "\n  ".join(done.stdout.strip().splitlines()[-8:])
        raise RuntimeError(f"{what} failed (exit {done.returncode}):\n  {tail}")


def current(folder, stamp):
    """Whether folder was filled for stamp and still has all its files."""
    try:
        with open(os.path.join(folder, "VERSION")) as f:
            lines = f.read().splitlines()
    except OSError:
        return False
    return lines[:1] == [stamp] and all(os.path.isfile(os.path.join(folder, n)) for n in lines[1:])


def settle(made, folder, stamp):
    """Writes the stamp into made and puts it in folder's place in one step."""
    names = sorted(n for n in os.listdir(made))
    with open(os.path.join(made, "VERSION"), "w") as f:
        f.write("\n".join([stamp] + names) + "\n")
    os.chmod(made, 0o755)
    if os.path.isdir(folder):
        shutil.rmtree(folder)
    os.rename(made, folder)


def highs(to):
    key = machine()
    folder = os.path.join(to, "highs")
    if key[0] == "Windows":
        # The Windows wheel links HiGHS into its Python module; no DLL with the
        # C interface is inside.
        print("deps: the Windows wheel of highspy holds no highs.dll; put highs.dll of HiGHS " + HIGHS +
              " in .deps\\highs or name it in BUSBAR_HIGHS (the native solver needs nothing)")
        return
    if key not in WHEELS:
        fail("no HiGHS wheel is pinned for %s; put the C library of HiGHS %s in %s or name it in BUSBAR_HIGHS"
             % (" ".join(filter(None, key)), HIGHS, folder))
    tag, *hashes = WHEELS[key]
    stamp = "highspy %s %s" % (HIGHS, tag)
    if current(folder, stamp):
        print("deps: HiGHS %s is in %s" % (HIGHS, folder))
        return
    try:
        run([sys.executable, "-m", "pip", "--version"], "pip")
    except RuntimeError:
        fail("%s has no pip; install it (Debian: apt-get install python3-pip) and call again" % sys.executable)
    with tempfile.TemporaryDirectory(dir=to, prefix=".highs-") as tmp:
        try:
            wheels = download(tmp, tag, "cp311", HIGHS, zip(("highspy", "highspy-extras"), hashes))
        except RuntimeError as e:
            fail(str(e))
        made = os.path.join(tmp, "highs")
        os.mkdir(made)
        for name in sorted(os.listdir(wheels)):
            with zipfile.ZipFile(os.path.join(wheels, name)) as z:
                for member in z.namelist():
                    unpack(z, member, made, to, name.split("-")[0])
        if not any(n.startswith("libhighs.") for n in os.listdir(made)):
            fail("no libhighs in the wheels of highspy " + HIGHS)
        settle(made, folder, stamp)
    print("deps: HiGHS %s put in %s" % (HIGHS, folder))


def download(tmp, tag, abi, version, packages):
    """Wheels of packages, (name, hash) each, for CPython 3.11; the folder they are in."""
    packages = list(packages)
    wanted = os.path.join(tmp, "requirements.txt")
    with open(wanted, "w") as f:
        for name, sha in packages:
            f.write("%s==%s --hash=sha256:%s\n" % (name, version, sha))
    wheels = os.path.join(tmp, "wheels")
    run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-cache-dir",
         "--no-deps", "--require-hashes", "--only-binary=:all:", "--python-version", "3.11",
         "--implementation", "cp", "--abi", abi, "--platform", tag, "--dest", wheels, "-r", wanted],
        "pip download of %s %s" % (" and ".join(n for n, _ in packages), version))
    return wheels


def netcdf(to):
    """libnetcdf with all it needs, flat in one folder, where each finds the others."""
    key = machine()
    folder = os.path.join(to, "netcdf")
    without = "netCDF files of PyPSA will not be read (CSV folders will)"
    if key not in NETCDF_WHEELS:
        print("deps: no wheel of netCDF4 is pinned for %s: %s; the system's libnetcdf will do where there is one"
              " (Debian: apt-get install libnetcdf19; Alpine: apk add netcdf)" % (" ".join(filter(None, key)), without))
        return
    tag, abi, sha = NETCDF_WHEELS[key]
    stamp = "netCDF4 %s %s" % (NETCDF, tag)
    if current(folder, stamp):
        print("deps: libnetcdf is in " + folder)
        return
    with tempfile.TemporaryDirectory(dir=to, prefix=".netcdf-") as tmp:
        try:
            wheels = download(tmp, tag, abi, NETCDF, [("netCDF4", sha)])
        except RuntimeError as e:
            print("deps: %s\ndeps: no libnetcdf: %s" % (e, without))
            return
        made = os.path.join(tmp, "netcdf")
        os.mkdir(made)
        for name in os.listdir(wheels):
            with zipfile.ZipFile(os.path.join(wheels, name)) as z:
                for member in z.namelist():
                    place, _, base = member.rpartition("/")
                    if base and (place.lower() == "netcdf4.libs" or place == "netCDF4/.dylibs"):
                        target = os.path.join(made, base)
                    elif base and place.endswith("/licenses"):
                        target = os.path.join(made, "netCDF4-" + base)
                    else:
                        continue
                    with z.open(member) as source, open(target, "wb") as f:
                        shutil.copyfileobj(source, f)
        settle(made, folder, stamp)
    print("deps: libnetcdf put in " + folder)


def unpack(z, member, made, to, package):
    """Takes the C libraries and the licences out of a wheel."""
    folder, _, base = member.rpartition("/")
    if folder in ("highspy", "highspy_extras") and base in (
            "libhighs.so.1", "libhighs.1.dylib", "libhighs_extras.so", "libhighs_extras.dylib"):
        target = os.path.join(made, base)
    elif folder in ("highspy.libs", "highspy_extras.libs"):
        # musl: the C++ runtime that the libraries look for beside their folder.
        os.makedirs(os.path.join(to, folder), exist_ok=True)
        target = os.path.join(to, folder, base)
    elif "/licenses" in folder and base:
        target = os.path.join(made, package + "-" + base)
    else:
        return
    with z.open(member) as source, open(target, "wb") as f:
        shutil.copyfileobj(source, f)


def plot(to):
    folder = os.path.join(to, "plot")
    stamp = "echarts " + ECHARTS
    if current(folder, stamp):
        print("deps: the plotting library is in " + folder)
        return
    npm = shutil.which("npm")
    if npm is None:
        print("deps: no npm, so no plotting library: reports will have static pictures")
        return
    with tempfile.TemporaryDirectory(dir=to, prefix=".plot-") as tmp:
        try:
            run([npm, "pack", "--silent", "--cache", os.path.join(tmp, "cache"), "--pack-destination", tmp,
                 "echarts@" + ECHARTS], "npm pack of echarts " + ECHARTS)
        except RuntimeError as e:
            print("deps: %s\ndeps: no plotting library: reports will have static pictures" % e)
            return
        archive = os.path.join(tmp, "echarts-%s.tgz" % ECHARTS)
        with open(archive, "rb") as f:
            got = base64.b64encode(hashlib.sha512(f.read()).digest()).decode()
        if got != ECHARTS_SHA512:
            fail("echarts %s has the SHA-512 %s, not the pinned %s" % (ECHARTS, got, ECHARTS_SHA512))
        made = os.path.join(tmp, "plot")
        os.mkdir(made)
        with tarfile.open(archive) as t:
            for member, name in (("package/dist/echarts.min.js", "echarts.min.js"),
                                 ("package/LICENSE", "echarts-LICENSE"), ("package/NOTICE", "echarts-NOTICE")):
                with t.extractfile(member) as source, open(os.path.join(made, name), "wb") as f:
                    shutil.copyfileobj(source, f)
        settle(made, folder, stamp)
    print("deps: the plotting library put in " + folder)


def main():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--to", default=os.path.join(root, ".deps"), help="folder to fill (default: .deps of the module)")
    args.add_argument("--plot", action="store_true", help="bring the plotting library alone")
    given = args.parse_args()
    to = os.path.abspath(given.to)
    os.makedirs(to, exist_ok=True)
    if not given.plot:
        highs(to)
        netcdf(to)
    plot(to)


if __name__ == "__main__":
    main()
