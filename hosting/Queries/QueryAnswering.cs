using System.Data.Common;
using Microsoft.Extensions.Logging;
using Quorate.Contracts;
using Quorate.Contracts.Catalogue;
using Quorate.Contracts.V1;
using Quorate.Hosting.Bus;
using Quorate.Hosting.Database;
using Quorate.Hosting.Refusals;

namespace Quorate.Hosting.Queries;

/// <summary>Gives a query's answer to the one who asked, also when there is none to give: nobody shall wait for nothing.</summary>
internal sealed class QueryAnswering(BusConnection bus, ILogger<QueryAnswering> logger)
{
    private static readonly TimeSpan SendWait = TimeSpan.FromSeconds(2);

    public async Task AnswerAsync<T>(IQueryHandler<T> handler, T query, Delivery delivery, CancellationToken cancellationToken)
        where T : class, IQuery
    {
        if (delivery.ReplyTo is not { } asker)
        {
            throw new BodyRefusedException(
                CatalogueMessage.MessageIncomplete, $"{typeof(T).Name}: missing: the property reply_to, the queue to answer to");
        }
        object answer = await AnswerAsync(handler, query, cancellationToken);
        try
        {
            if (!await bus.ReplyAsync(answer, answer.GetType(), Guid.NewGuid(), asker, SendWait, cancellationToken))
            {
                logger.AskerIsGone(typeof(T).Name, asker.Address);
            }
        }
        catch (BusUnavailableException failure)
        {
            logger.NotSent(answer.GetType().Name, failure.Message);
        }
    }

    /// <summary>A query is not held until the database is back: by then nobody waits for it.</summary>
    private static async Task<object> AnswerAsync<T>(IQueryHandler<T> handler, T query, CancellationToken cancellationToken) where T : class, IQuery
    {
        try
        {
            return await handler.AnswerAsync(query, cancellationToken);
        }
        catch (Exception failure) when (failure is DbException or TimeoutException || DatabaseOutage.Is(failure))
        {
            return new NotFound
            {
                Result = ResultCode.Again,
                Code = (int)ResultCode.Again,
                Reason = $"the database does not answer: {failure.Message}; ask again",
            };
        }
    }
}
