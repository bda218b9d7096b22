"""JupyterHub's settings for a class on one machine; `tools/hub/__main__.py` starts it and decides."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tools.hub import accounts

c = get_config()  # noqa: F821  JupyterHub's own word in such a file
chosen = json.loads(os.environ["HEPATICA_HUB"])
state, programs = Path(chosen["state"]), Path(sys.executable).parent

# Where it listens; the proxy's and the hub's own doors are the next two ports, on this machine only.
scheme = "https" if chosen["certificate"] else "http"
c.JupyterHub.bind_url = f"{scheme}://{chosen['ip']}:{chosen['port']}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{chosen['port'] + 2}"
c.JupyterHub.ssl_cert, c.JupyterHub.ssl_key = chosen["certificate"], chosen["key"]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{chosen['port'] + 1}"
c.ConfigurableHTTPProxy.command = [str(programs / "configurable-http-proxy")]
c.ConfigurableHTTPProxy.pid_file = str(state / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{state / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(state / "cookie_secret")

# A student's server: JupyterLab with this Python, their own record, limits.
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.default_url = "/lab"
# A class comes all at once: a few servers start at a time, the others wait, nobody is sent away.
c.JupyterHub.concurrent_spawn_limit, c.JupyterHub.active_server_limit = 8, 0
c.Spawner.start_timeout = c.Spawner.http_timeout = 180
c.Spawner.environment = {"HEPATICA_RECORD": accounts.record}
c.Spawner.mem_limit, c.Spawner.cpu_limit = chosen["memory"], chosen["cpu"]
c.Authenticator.username_pattern = accounts.NAMES

if chosen["trial"]:
    # All servers run as whoever starts the hub, without limits: for a look, never for a class.
    c.JupyterHub.authenticator_class = "shared-password"
    c.Authenticator.allow_all = True
    c.SharedPasswordAuthenticator.user_password = chosen["password"]
    c.JupyterHub.spawner_class = "simple"
    c.Spawner.args = ["--allow-root"] if os.geteuid() == 0 else []
    c.SimpleLocalProcessSpawner.home_dir_template = str(state / "homes" / "{username}")
else:
    # Who signs in first under a name that the admin has written down chooses its password.
    c.JupyterHub.authenticator_class = "firstuseauthenticator.FirstUseAuthenticator"
    c.FirstUseAuthenticator.create_users = False
    c.FirstUseAuthenticator.min_password_length = 10
    c.FirstUseAuthenticator.dbm_path = str(state / "passwords")
    c.Authenticator.admin_users = {chosen["admin"]}
    c.Authenticator.allow_existing_users = True
    # systemd holds each server to its memory and processors, in an account of its own.
    c.JupyterHub.spawner_class = "systemdspawner.SystemdSpawner"
    c.SystemdSpawner.username_template = accounts.TEMPLATE
    c.SystemdSpawner.isolate_tmp = True
    c.SystemdSpawner.isolate_devices = True
    c.SystemdSpawner.disable_user_sudo = True
    c.Spawner.pre_spawn_hook = accounts.make

# What nobody uses stops; the copy and the answers stay.
culler = [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={chosen['idle']}"]
c.JupyterHub.services = [{"name": "idle-culler", "command": culler}]
scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"]
c.JupyterHub.load_roles = [{"name": "idle-culler", "scopes": scopes, "services": ["idle-culler"]}]
