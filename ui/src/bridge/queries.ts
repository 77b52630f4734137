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

// Pictures stay in memory only while they are looked at, so that what a laptop forgets is not in its window either.

/** A small picture; `fetch` where the office has it. */
export const useThumbnail = (hash: string, fetch: boolean) =>
  useQuery({
    queryKey: ["thumbnail", hash, fetch],
    queryFn: () => bridge.thumbnail({ hash, fetch }),
    placeholderData: (before) => before,
    gcTime: 0,
  });

/** The whole picture, once somebody opens it. */
export const usePhoto = (hash: string, enabled: boolean) =>
  useQuery({ queryKey: ["photo", hash], queryFn: () => bridge.photo({ hash }), enabled, gcTime: 0 });

/** The photos that wait; followed closely while one is on its way. */
export const usePhotoQueue = () =>
  useQuery({
    queryKey: ["photo_queue"],
    queryFn: bridge.photoQueue,
    refetchInterval: ({ state }) => (state.data?.photos.some((photo) => photo.state === "sending") ? 500 : false),
  }).data ?? null;

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
  return client.invalidateQueries({ predicate: ({ queryKey, state }) => !settled(String(queryKey[0]), state.data) });
}

/** The basemap does not change, and a picture that is here stays as it is. */
function settled(name: string, data: unknown): boolean {
  if (name === "basemap" || name === "photo" || name === "thumbnail") return data != null;
  return name === "status";
}
