using Quorate.Contracts.V1;

namespace Quorate.Hosting.Queries;

/// <summary>Answers one type of query.</summary>
public interface IQueryHandler<in T> where T : class, IQuery
{
    /// <summary>The answer: a record of the contracts. Changes nothing.</summary>
    Task<object> AnswerAsync(T query, CancellationToken cancellationToken);
}
