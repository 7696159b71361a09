"""Makes calls through the official Python SDK: one JSON line in for each call, one JSON line out with its outcome."""

import json
import re
import sys

from openrouter import OpenRouter, errors, utils


def workspaces(base_url, key, http_referer=None, app_title=None, app_categories=None, retries=False):
    backoff = utils.BackoffStrategy(1, 10, 1.5, 5000, jitter_ms=0)
    return OpenRouter(
        server_url=base_url,
        api_key=key,
        http_referer=http_referer,
        x_open_router_title=app_title,
        x_open_router_categories=",".join(app_categories) if app_categories else None,
        retry_config=utils.RetryConfig("backoff" if retries else "none", backoff, retries),
        timeout_ms=10000,
    ).workspaces


def dumped(model):
    return json.loads(model.model_dump_json(by_alias=True, warnings=False))


def walk(page, max_pages):
    rows = []
    for _ in range(max_pages or sys.maxsize):
        rows += [row.get("slug") or row["user_id"] for row in dumped(page.result)["data"]]
        page = page.next()
        if page is None:
            return {"ok": {"rows": rows}}
    return {"error": {"kind": "endless"}}


def call(api, name, arguments):
    settings = arguments.pop("settings", {})
    arguments |= settings
    max_pages = arguments.pop("max_pages", None)
    if "workspace" in arguments:
        arguments["workspace_ref" if "budget" in name else "id"] = arguments.pop("workspace")
    if name.startswith("walk"):
        return walk(getattr(api, name.replace("walk", "list", 1))(**arguments), max_pages)
    model = getattr(api, name)(**arguments)
    return {"ok": dumped(model.result if name in ("list", "list_members") else model)}


KINDS = {"OpenRouterDefaultError": "api", "ResponseValidationError": "decode"}


def failure(error):
    """The class under the name that all drivers use, and what the API said, where the class has fields for it."""
    name = type(error).__name__
    if name.endswith("ResponseError"):
        kind = re.sub("(?!^)([A-Z])", r"_\1", name.removesuffix("ResponseError")).lower()
    else:
        kind = KINDS.get(name, name)
    if not isinstance(error, errors.OpenRouterError):
        return {"kind": kind}
    fields = {"kind": kind, "status": error.status_code, "request_id": error.headers.get("x-request-id")}
    if hasattr(error, "data"):
        said = error.data.error
        # What is not there is false, and cannot be written as JSON.
        optional = {"metadata": said.metadata or None, "user_id": error.data.user_id or None}
        fields |= {"code": said.code, "message": said.message, **optional}
    return fields


for line in sys.stdin:
    step = json.loads(line)
    try:
        outcome = call(workspaces(**step["client"]), step["call"], step["arguments"])
    except Exception as error:  # whatever it is, it is what the caller gets
        outcome = {"error": failure(error)}
    print(json.dumps(outcome), flush=True)
