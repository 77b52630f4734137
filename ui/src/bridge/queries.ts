// What screens read, kept fresh: every answer is thrown away when the device says something changed.

import { QueryClient, useQueries, useQuery } from "@tanstack/react-query";
import type { Status } from "../bindings";
import * as bridge from ".";

export const client = new QueryClient({
  defaultOptions: { queries: { staleTime: Infinity, retry: false, refetchOnWindowFocus: false, networkMode: "always" } },
});

/** Two rows per list of this many would already be more than a day's work anywhere. */
export const LIST_MAX = 20_000;

export const useStatus = () => useQuery({ queryKey: ["status"], queryFn: bridge.status }).data ?? null;

export const useList = (args: bridge.ListArgs, enabled = true) =>
  useQuery({ queryKey: ["list", args], queryFn: () => bridge.list(args), enabled });

export const useSheet = (id: string | null) =>
  useQuery({ queryKey: ["sheet", id], queryFn: () => bridge.sheet({ id: id ?? "" }), enabled: id !== null });

/** Several at once; those that are here so far. */
export const useSheets = (ids: string[]) =>
  useQueries({ queries: ids.map((id) => ({ queryKey: ["sheet", id], queryFn: () => bridge.sheet({ id }) })) }).flatMap(({ data }) => data ?? []);

export const useGaps = (day: string) =>
  useQuery({ queryKey: ["gaps", day], queryFn: () => bridge.gaps({ day }), enabled: day !== "" });

export const useNews = () => useQuery({ queryKey: ["news"], queryFn: bridge.news });

export const useSearch = (text: string) =>
  useQuery({
    queryKey: ["search", text],
    queryFn: () => bridge.search({ text, limit: 20 }),
    enabled: text.trim().length > 1,
    placeholderData: (before) => before,
  });

export const useOutbox = () => useQuery({ queryKey: ["outbox"], queryFn: bridge.outbox });
export const useReturned = () => useQuery({ queryKey: ["returned"], queryFn: bridge.returned });
export const useAccess = () => useQuery({ queryKey: ["access"], queryFn: bridge.access });
export const useHoldings = () => useQuery({ queryKey: ["holdings"], queryFn: bridge.holdings });

export const usePhoto = (hash: string) =>
  useQuery({ queryKey: ["photo", hash], queryFn: () => bridge.photo({ hash }) });

export const useBasemap = () =>
  useQuery({ queryKey: ["basemap"], queryFn: bridge.basemap, gcTime: Infinity }).data ?? null;

/** Takes a status the native side answered with. Whoever is not signed in leaves nothing behind in memory. */
export function takeStatus(status: Status) {
  const before = client.getQueryData<Status>(["status"]);
  if (before && status.version < before.version) return;
  client.setQueryData(["status"], status);
  const closed = status.phase !== "open" || (before?.person != null && before.person !== status.person);
  if (closed) client.removeQueries({ predicate: (query) => query.queryKey[0] !== "status" });
}

/** Follows the device's reports, and gathers a burst of them into one refresh. */
export function followChanges(): () => void {
  let timer: number | undefined;
  const stop = bridge.onChanged((status) => {
    takeStatus(status);
    window.clearTimeout(timer);
    timer = window.setTimeout(refreshAll, 60);
  });
  return () => {
    window.clearTimeout(timer);
    stop();
  };
}

/** Reads again everything that can change while the window is open. */
export function refreshAll() {
  return client.invalidateQueries({ predicate: ({ queryKey: [name, arg] }) => !settled(String(name), arg) });
}

/** The basemap does not change, and a photo that is here stays as it is. */
function settled(name: string, arg: unknown): boolean {
  if (name === "basemap") return client.getQueryData(["basemap"]) != null;
  if (name === "photo") return client.getQueryData(["photo", arg]) != null;
  return name === "status";
}
