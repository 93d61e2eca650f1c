import { answer, api } from '@/api/client';

export const fetchOverview = (days: number, signal: AbortSignal) =>
  answer(api.GET('/api/v1/overview', { params: { query: { days } }, signal }));
