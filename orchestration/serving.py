"""A home -> Dagster's UI on it: for the office with its daemon, or for viewers without the right to change anything.

Dagster's UI has no login of its own: who reaches the port may do all that it can. So it is bound to this machine unless
somebody says otherwise, twice. Keep out: what the UI shows (`definitions`).
"""

import ipaddress
import os
import sys
from typing import NoReturn

from orchestration.home import Home
from orchestration.instance import prepare_instance

DEFINITIONS = ("-m", "orchestration.definitions")
_INSTEAD = (
    "Nên để giao diện ở 127.0.0.1 và đặt sau máy chủ web của đơn vị có đăng nhập (reverse proxy), hoặc dùng đường hầm SSH "
    "(ssh -L 3000:127.0.0.1:3000 máy-này)"
)
# By whether the UI is for viewers only.
WITHOUT_PASSWORD = {
    False: (
        "giao diện này không có mật khẩu. Ai tới được cổng này từ mạng đều có thể chạy, dừng và xóa các lần chạy, và đọc tên "
        f"tệp, nhật ký. {_INSTEAD}; người chỉ cần xem thì thêm --read-only."
    ),
    True: (
        "giao diện này không có mật khẩu. Ai tới được cổng này từ mạng đều đọc được tên tệp và nhật ký, dù không thay đổi được "
        f"gì. {_INSTEAD}."
    ),
}


def is_of_this_machine(host: str) -> bool:
    """Whether only processes of this machine can reach what is bound to `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        # What other names mean is up to a file or a server elsewhere.
        return host == "localhost"


def serve(home: Home, host: str, port: int, *, read_only: bool) -> NoReturn:
    """Become the UI: this very process, so that Ctrl+C and a service manager reach it."""
    environment = os.environ | {
        "DAGSTER_HOME": str(prepare_instance(home)),
        "MOTCUA_HOME": str(home.root),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
    }
    program = ["dagster_webserver", "--read-only"] if read_only else ["dagster", "dev"]
    command = [sys.executable, "-m", *program, *DEFINITIONS, "-h", host, "-p", str(port)]
    os.chdir(home.root)
    os.execve(sys.executable, command, environment)  # noqa: S606
