using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Hosting.Queries;

namespace Quorate.Scheduler.Service.Api;

/// <summary>The queries of the bus: the same answers as HTTP gives, to whoever cannot or does not want to use HTTP.</summary>
internal sealed class BusQueries(ClusterQueries queries) : IQueryHandler<GetCluster>, IQueryHandler<GetService>, IQueryHandler<GetHistory>
{
    public async Task<object> AnswerAsync(GetCluster query, CancellationToken cancellationToken) => await queries.ClusterAsync(cancellationToken);

    public async Task<object> AnswerAsync(GetService query, CancellationToken cancellationToken) =>
        await queries.ServiceAsync(query.Service, cancellationToken) is { } service ? service : Unknown(query.Service);

    public async Task<object> AnswerAsync(GetHistory query, CancellationToken cancellationToken)
    {
        if (await queries.ServiceAsync(query.Service, cancellationToken) is null)
        {
            return Unknown(query.Service);
        }
        int last = Math.Clamp(query.Last, 1, GetHistory.LastMax);
        return new ServiceHistory { Service = query.Service, Transitions = await queries.HistoryAsync(query.Service, last, query.Before ?? long.MaxValue, cancellationToken) };
    }

    private static NotFound Unknown(ServiceName service) => new()
    {
        Result = ResultCode.NoService,
        Code = (int)ResultCode.NoService,
        Reason = $"no service {service} is configured; the query {nameof(GetCluster)} lists them",
    };
}
