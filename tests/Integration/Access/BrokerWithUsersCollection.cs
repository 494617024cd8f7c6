namespace Quorate.Tests.Integration.Access;

/// <summary>Classes of this collection share the broker.</summary>
[CollectionDefinition(BrokerWithUsers.Collection)]
public sealed class BrokerWithUsersCollection : ICollectionFixture<BrokerWithUsers>;
