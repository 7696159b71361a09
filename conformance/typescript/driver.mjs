// Makes calls through the official TypeScript SDK: one JSON line in for each call, one JSON line out with its outcome.
import { createInterface } from "node:readline";
import { OpenRouter } from "@openrouter/sdk";
import { OpenRouterError } from "@openrouter/sdk/models/errors";

const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function renamed(value, rename) {
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [rename(name), renamed(item, rename)]));
}

function sdk({ base_url, key, http_referer, app_title, app_categories, retries }) {
  const backoff = { initialInterval: 1, maxInterval: 10, exponent: 1.5, maxElapsedTime: 5000 };
  return new OpenRouter({
    serverURL: base_url,
    apiKey: key,
    httpReferer: http_referer,
    appTitle: app_title,
    appCategories: app_categories?.join(","),
    retryConfig: retries ? { strategy: "backoff", backoff, retryConnectionErrors: true } : { strategy: "none" },
    timeoutMs: 10000,
  }).workspaces;
}

async function walk(pages, maxPages) {
  const rows = [];
  let count = 0;
  for await (const page of pages) {
    rows.push(...page.result.data.map((row) => row.slug ?? row.userId));
    if (++count === maxPages) return { error: { kind: "endless" } };
  }
  return { ok: { rows } };
}

async function call(api, name, { workspace, settings, max_pages, ...rest }) {
  const { offset, limit } = rest;
  const window = offset === undefined && limit === undefined ? undefined : { offset, limit };
  const id = workspace;
  switch (name) {
    case "walk":
      return walk(await api.list(window), max_pages);
    case "walk_members":
      return walk(await api.listMembers({ id, ...window }), max_pages);
    case "list":
      return { ok: (await api.list(window)).result };
    case "create":
      return { ok: await api.create({ createWorkspaceRequest: renamed(settings, camel) }) };
    case "get":
      return { ok: await api.get({ id }) };
    case "update":
      return { ok: await api.update({ id, updateWorkspaceRequest: renamed(settings, camel) }) };
    case "delete":
      return { ok: await api.delete({ id, ...renamed(rest, camel) }) };
    case "list_members":
      return { ok: (await api.listMembers({ id, ...window })).result };
    case "bulk_add_members":
      return { ok: await api.bulkAddMembers({ id, bulkAddWorkspaceMembersRequest: renamed(rest, camel) }) };
    case "bulk_remove_members":
      return { ok: await api.bulkRemoveMembers({ id, bulkRemoveWorkspaceMembersRequest: renamed(rest, camel) }) };
    case "list_budgets":
      return { ok: await api.listBudgets({ workspaceRef: id }) };
    case "get_budget":
      return { ok: await api.getBudget({ workspaceRef: id, interval: rest.interval }) };
    case "set_budget": {
      const { interval, ...body } = rest;
      const request = { workspaceRef: id, interval, upsertWorkspaceBudgetRequest: renamed(body, camel) };
      return { ok: await api.setBudget(request) };
    }
    case "delete_budget":
      return { ok: await api.deleteBudget({ workspaceRef: id, interval: rest.interval }) };
    default:
      throw new Error(`unknown call ${name}`);
  }
}

// The class under the name that all drivers use, and what the API said, where the class has fields for it.
function failure(error) {
  const known = { OpenRouterDefaultError: "api", ResponseValidationError: "decode", SDKValidationError: "invalid_input" };
  const name = error.constructor.name;
  const kind = known[name] ?? (name.endsWith("ResponseError") ? snake(name.slice(0, -13)).slice(1) : name);
  if (!(error instanceof OpenRouterError)) return { kind };
  const { code, message, metadata } = error.error ?? {};
  const request_id = error.headers.get("x-request-id");
  return { kind, status: error.statusCode, code, message, metadata, user_id: error.userId, request_id };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { call: name, arguments: given, client } = JSON.parse(line);
  let outcome;
  try {
    outcome = renamed(await call(sdk(client), name, given), snake);
  } catch (error) {
    outcome = { error: failure(error) };
  }
  console.log(JSON.stringify(outcome));
}
