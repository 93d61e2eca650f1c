import { answer, answerFile, api } from '@/api/client';
import type { ListQuery } from '@/api/types';

export type ExportFormat = 'ndjson' | 'csv';

export const listEvents = (query: ListQuery, signal: AbortSignal) =>
  answer(api.GET('/api/v1/audit', { params: { query }, signal }));

export const exportEvents = (format: ExportFormat, query: ListQuery): Promise<Blob> =>
  answerFile(api.GET('/api/v1/audit/export', { params: { query: { ...query, format } }, parseAs: 'blob' }));
